package dev.dassie.server.console;

import java.util.Comparator;

/// Names as people count: `file2` before `file10`. Names that differ in zeros before a number alone
/// come by their letters.
final class NaturalOrder implements Comparator<String> {
  static final NaturalOrder NAMES = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      if (isDigit(one.charAt(i)) && isDigit(other.charAt(j))) {
        int from = behindZeros(one, i);
        int start = behindZeros(other, j);
        i = behindDigits(one, from);
        j = behindDigits(other, start);
        int digits = Integer.compare(i - from, j - start);
        int number =
            digits != 0 ? digits : one.substring(from, i).compareTo(other.substring(start, j));
        if (number != 0) {
          return number;
        }
      } else {
        int letter = Character.compare(one.charAt(i++), other.charAt(j++));
        if (letter != 0) {
          return letter;
        }
      }
    }
    int rest = Integer.compare(one.length() - i, other.length() - j);
    return rest != 0 ? rest : one.compareTo(other);
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }

  private static int behindZeros(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == '0') {
      at++;
    }
    return at;
  }

  private static int behindDigits(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
