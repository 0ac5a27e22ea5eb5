package dev.dassie.server.console.preview;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/// Types and values of Parquet as people read them (Parquet format, "Logical Types").
final class ParquetValues {
  private static final int CELL = 300;
  private static final int BYTES = 32;
  private static final int DEEP = 8;
  private static final long EPOCH_JULIAN = 2_440_588;

  private ParquetValues() {}

  /// `integer int64`, `text string`, `group`: what it is, then what the file calls it.
  static String type(Type field) {
    if (!field.isPrimitive()) {
      LogicalTypeAnnotation said = field.getLogicalTypeAnnotation();
      return said == null ? "group" : word(said);
    }
    PrimitiveType primitive = field.asPrimitiveType();
    LogicalTypeAnnotation said = primitive.getLogicalTypeAnnotation();
    String stored = primitive.getPrimitiveTypeName().name().toLowerCase(Locale.ROOT);
    String list = field.isRepetition(Type.Repetition.REPEATED) ? "list of " : "";
    if (said == null) {
      return list
          + switch (primitive.getPrimitiveTypeName()) {
            case INT32, INT64 -> "integer " + stored;
            case FLOAT, DOUBLE -> "number " + stored;
            case INT96 -> "timestamp int96";
            case BOOLEAN -> stored;
            case BINARY, FIXED_LEN_BYTE_ARRAY -> "bytes";
          };
    }
    String kind =
        switch (said) {
          case LogicalTypeAnnotation.DecimalLogicalTypeAnnotation _ -> "number ";
          case LogicalTypeAnnotation.IntLogicalTypeAnnotation _ -> "integer ";
          case LogicalTypeAnnotation.StringLogicalTypeAnnotation _ -> "text ";
          default -> "";
        };
    return list + kind + word(said);
  }

  private static String word(LogicalTypeAnnotation said) {
    String text = said.toString().toLowerCase(Locale.ROOT);
    return text.substring(0, Math.min(60, text.length()));
  }

  /// The fields of a record, empty where they have no value.
  static List<String> row(Group record) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < record.getType().getFieldCount(); i++) {
      StringBuilder cell = new StringBuilder();
      field(record, i, cell, 0);
      cells.add(cell.length() > CELL ? cell.substring(0, CELL) + "…" : cell.toString());
    }
    return cells;
  }

  private static void field(Group group, int field, StringBuilder out, int depth) {
    int count = group.getFieldRepetitionCount(field);
    Type type = group.getType().getType(field);
    boolean many = type.isRepetition(Type.Repetition.REPEATED);
    if (many) {
      out.append('[');
    }
    for (int i = 0; i < count && out.length() <= CELL; i++) {
      out.append(i == 0 ? "" : ", ");
      if (type.isPrimitive()) {
        out.append(value(group, type.asPrimitiveType(), field, i));
      } else if (depth < DEEP) {
        group(group.getGroup(field, i), out, depth + 1);
      } else {
        out.append('…');
      }
    }
    if (many) {
      out.append(']');
    }
  }

  private static void group(Group group, StringBuilder out, int depth) {
    out.append('{');
    for (int i = 0; i < group.getType().getFieldCount() && out.length() <= CELL; i++) {
      out.append(i == 0 ? "" : ", ").append(group.getType().getFieldName(i)).append(": ");
      field(group, i, out, depth);
    }
    out.append('}');
  }

  private static String value(Group group, PrimitiveType type, int field, int index) {
    LogicalTypeAnnotation said = type.getLogicalTypeAnnotation();
    try {
      return switch (type.getPrimitiveTypeName()) {
        case BOOLEAN -> Boolean.toString(group.getBoolean(field, index));
        case INT32 -> number(group.getInteger(field, index), said);
        case INT64 -> number(group.getLong(field, index), said);
        case FLOAT -> Float.toString(group.getFloat(field, index));
        case DOUBLE -> Double.toString(group.getDouble(field, index));
        case INT96 -> old(group.getInt96(field, index));
        case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(group.getBinary(field, index), said);
      };
    } catch (DateTimeException | ArithmeticException e) {
      return "out of range";
    }
  }

  private static String number(long value, LogicalTypeAnnotation said) {
    return switch (said) {
      case null -> Long.toString(value);
      case LogicalTypeAnnotation.DateLogicalTypeAnnotation _ ->
          LocalDate.ofEpochDay(value).toString();
      case LogicalTypeAnnotation.DecimalLogicalTypeAnnotation decimal ->
          BigDecimal.valueOf(value, decimal.getScale()).toString();
      case LogicalTypeAnnotation.TimestampLogicalTypeAnnotation time -> {
        String text = Instant.EPOCH.plus(value, unit(time.getUnit())).toString();
        yield time.isAdjustedToUTC() ? text : text.substring(0, text.length() - 1);
      }
      case LogicalTypeAnnotation.TimeLogicalTypeAnnotation time ->
          LocalTime.MIDNIGHT.plus(value, unit(time.getUnit())).toString();
      case LogicalTypeAnnotation.IntLogicalTypeAnnotation integer ->
          integer.isSigned()
              ? Long.toString(value)
              : Long.toUnsignedString(integer.getBitWidth() == 64 ? value : value & 0xffff_ffffL);
      default -> Long.toString(value);
    };
  }

  private static ChronoUnit unit(LogicalTypeAnnotation.TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> ChronoUnit.MILLIS;
      case MICROS -> ChronoUnit.MICROS;
      case NANOS -> ChronoUnit.NANOS;
    };
  }

  /// Nanoseconds of a day, and the Julian number of the day.
  private static String old(Binary value) {
    ByteBuffer bytes = ByteBuffer.wrap(value.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = bytes.getInt() & 0xffff_ffffL;
    return Instant.EPOCH.plus(day - EPOCH_JULIAN, ChronoUnit.DAYS).plusNanos(nanos).toString();
  }

  private static String bytes(Binary value, LogicalTypeAnnotation said) {
    return switch (said) {
      case LogicalTypeAnnotation.StringLogicalTypeAnnotation _ -> value.toStringUsingUTF8();
      case LogicalTypeAnnotation.EnumLogicalTypeAnnotation _ -> value.toStringUsingUTF8();
      case LogicalTypeAnnotation.JsonLogicalTypeAnnotation _ -> value.toStringUsingUTF8();
      case LogicalTypeAnnotation.DecimalLogicalTypeAnnotation decimal
          when value.length() > 0 && value.length() <= BYTES ->
          new BigDecimal(new BigInteger(value.getBytes()), decimal.getScale()).toString();
      case null, default -> {
        byte[] all = value.getBytes();
        int shown = Math.min(BYTES, all.length);
        yield HexFormat.of().formatHex(all, 0, shown) + (shown < all.length ? "…" : "");
      }
    };
  }
}
