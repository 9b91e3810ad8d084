package dev.circulate.benchmarks;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The methods that gRPC calls. Its messages are one number, written by hand as Protocol Buffers
 * write it: less work than their generated code does.
 */
final class GrpcMethods {
  static final String SERVICE = "numbers.Numbers";

  static final MethodDescriptor<Integer, Integer> PLUS_ONE = method("PlusOne", MethodType.UNARY);
  static final MethodDescriptor<Integer, Integer> SEND =
      method("Send", MethodType.SERVER_STREAMING);

  private static final int FIELD_1_VARINT = 1 << 3;

  private GrpcMethods() {}

  private static MethodDescriptor<Integer, Integer> method(String name, MethodType type) {
    return MethodDescriptor.<Integer, Integer>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(new Figure())
        .setResponseMarshaller(new Figure())
        .build();
  }

  private static final class Figure implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer value) {
      byte[] bytes = new byte[6];
      int length = 0;
      bytes[length++] = FIELD_1_VARINT;
      int rest = value;
      while ((rest & ~0x7f) != 0) {
        bytes[length++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[length++] = (byte) rest;
      return new ByteArrayInputStream(bytes, 0, length);
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        if (stream.read() != FIELD_1_VARINT) {
          throw new IllegalArgumentException("not a number");
        }
        int value = 0;
        int shift = 0;
        int next;
        do {
          next = stream.read();
          value |= (next & 0x7f) << shift;
          shift += 7;
        } while ((next & 0x80) != 0);
        return value;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
