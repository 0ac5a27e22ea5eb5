package dev.dassie.cli.secret;

import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Paging;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/// `list access-key`
public final class ListAccessKey implements Action {
  @Mixin private final Shape shape = new Shape();

  @Mixin private final Paging paging = new Paging();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    new Listing(session, shape).list(Request.get("/access-keys"), paging, Columns.ACCESS_KEYS);
    return Exit.OK;
  }
}
