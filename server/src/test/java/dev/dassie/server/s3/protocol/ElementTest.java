package dev.dassie.server.s3.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementTest {
  private static Element read(String text) {
    return Element.read(text.getBytes(StandardCharsets.UTF_8), "Delete");
  }

  @Test
  void aDocumentIsReadWhateverItsNamespace() {
    Element document =
        read(
            "<?xml version='1.0'?><s3:Delete xmlns:s3='http://s3.amazonaws.com/doc/2006-03-01/'>"
                + "<s3:Object><s3:Key>a &amp; <![CDATA[<b>]]></s3:Key></s3:Object></s3:Delete>");

    assertThat(document.all("Object"))
        .singleElement()
        .satisfies(object -> assertThat(object.need("Key")).isEqualTo("a & <b>"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no document",
        "<Delete>",
        "<Delete/><Delete/>",
        "<Other/>",
        "<Delete>&unknown;</Delete>",
        "<!DOCTYPE Delete [<!ENTITY e 'x'>]><Delete>&e;</Delete>",
        "<!DOCTYPE Delete [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Delete>&e;</Delete>",
        "<!DOCTYPE Delete SYSTEM 'http://127.0.0.1:1/x.dtd'><Delete/>",
        "<!DOCTYPE Delete [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><Delete>&b;</Delete>",
      })
  void whatIsNoPlainDocumentIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(Code.MALFORMED_XML));
  }

  @Test
  void aDocumentThatIsTooDeepIsRefused() {
    assertThatThrownBy(() -> read("<Delete>" + "<a>".repeat(5000)))
        .hasMessageContaining("too many elements");
  }
}
