package dev.circulate.service;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has a Jackson mapper read a whole number as one, however it is written: {@code 7.0} is 7, as JSON
 * Schema has it.
 */
final class WholeNumbersModule extends NumbersModule {
  private static final long serialVersionUID = 1;

  WholeNumbersModule() {
    super(
        "whole numbers",
        Numbers::new,
        List.of(
            int.class,
            Integer.class,
            long.class,
            Long.class,
            short.class,
            Short.class,
            byte.class,
            Byte.class,
            BigInteger.class),
        List.of(int.class, long.class, short.class),
        Set.of(OptionalInt.class, OptionalLong.class));
  }

  /** Shows a number that is whole as an integer. */
  private static final class Numbers extends JsonParserDelegate {
    /** More zeros than this are not written out. */
    private static final int LONGEST = 1_000;

    Numbers(JsonParser in) {
      super(in);
    }

    @Override
    public @Nullable JsonToken currentToken() {
      JsonToken token = super.currentToken();
      return token == JsonToken.VALUE_NUMBER_FLOAT && isWhole()
          ? JsonToken.VALUE_NUMBER_INT
          : token;
    }

    private boolean isWhole() {
      try {
        Number number = super.getNumberValue();
        if (number instanceof BigDecimal exact) {
          return exact.scale() >= -LONGEST && exact.stripTrailingZeros().scale() <= 0;
        }
        double near = number.doubleValue();
        return Double.isFinite(near) && Math.rint(near) == near;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public int currentTokenId() {
      JsonToken token = currentToken();
      return token == null ? JsonTokenId.ID_NO_TOKEN : token.id();
    }

    @Override
    public boolean hasToken(JsonToken token) {
      return currentToken() == token;
    }

    @Override
    public boolean hasTokenId(int id) {
      return currentTokenId() == id;
    }

    @Override
    public boolean isExpectedNumberIntToken() {
      return currentToken() == JsonToken.VALUE_NUMBER_INT;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
      JsonToken _ = super.nextToken();
      return currentToken();
    }

    @Override
    public BigInteger getBigIntegerValue() throws IOException {
      Number number = super.getNumberValue();
      return number instanceof BigInteger known
          ? known
          : new BigDecimal(number.toString()).toBigInteger();
    }
  }
}
