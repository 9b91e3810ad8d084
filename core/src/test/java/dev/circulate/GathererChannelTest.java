package dev.circulate;

import dev.circulate.contract.ChannelContract;
import dev.circulate.contract.Ends;
import dev.circulate.contract.LocalAltsContract;
import dev.circulate.contract.LocalContract;
import dev.circulate.contract.LossyContract;
import dev.circulate.contract.PromiseContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/** The contract, kept by channels with a gatherer that lets each value through as it is. */
@Timeout(60)
class GathererChannelTest {

  private static <T> Channel<T> asItIs(ChannelBuilder<T> builder) {
    return builder.gather(Gathering.map(value -> value)).open();
  }

  @Nested
  class FixedOne extends LocalContract {
    FixedOne() {
      super(new Buffer.Fixed(1));
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class FixedThree extends LocalContract {
    FixedThree() {
      super(new Buffer.Fixed(3));
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class Unbounded extends ChannelContract {
    Unbounded() {
      super(new Buffer.Unbounded(), Ends::same);
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class Dropping extends LossyContract {
    Dropping() {
      super(new Buffer.Dropping(8), Ends::same);
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class Sliding extends LossyContract {
    Sliding() {
      super(new Buffer.Sliding(8), Ends::same);
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class Promise extends PromiseContract {
    Promise() {
      super(Ends::same);
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class FixedOneAlts extends LocalAltsContract {
    FixedOneAlts() {
      super(new Buffer.Fixed(1));
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }

  @Nested
  class FixedSixteenAlts extends LocalAltsContract {
    FixedSixteenAlts() {
      super(new Buffer.Fixed(16));
    }

    @Override
    protected <T> Channel<T> make(ChannelBuilder<T> builder) {
      return asItIs(builder);
    }
  }
}
