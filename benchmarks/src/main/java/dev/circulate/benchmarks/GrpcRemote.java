package dev.circulate.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * gRPC with blocking stubs: HTTP/2 without TLS between processes, its own in-process transport in
 * one.
 */
final class GrpcRemote implements RemotePeer {
  private static final String IN_PROCESS = "numbers";

  private final ManagedChannel channel;

  private GrpcRemote(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Starts the other side. */
  static RemoteServer serve(RemoteLink link, boolean onVirtualThreads) throws IOException {
    ServerBuilder<?> builder =
        link.crossesProcesses()
            ? NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            : InProcessServerBuilder.forName(IN_PROCESS);
    if (onVirtualThreads) {
      builder.executor(virtualThreads());
    }
    Server server = builder.addService(numbers()).build().start();
    return new RemoteServer(
        URI.create("http://127.0.0.1:" + server.getPort()), server::shutdownNow);
  }

  static RemotePeer connect(RemoteLink link, URI uri, boolean onVirtualThreads) {
    ManagedChannelBuilder<?> channel =
        link.crossesProcesses()
            ? NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext()
            : InProcessChannelBuilder.forName(IN_PROCESS);
    if (onVirtualThreads) {
      channel.executor(virtualThreads());
    }
    return new GrpcRemote(channel.build());
  }

  private static ExecutorService virtualThreads() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  private static ServerServiceDefinition numbers() {
    return ServerServiceDefinition.builder(GrpcMethods.SERVICE)
        .addMethod(GrpcMethods.PLUS_ONE, ServerCalls.asyncUnaryCall(GrpcRemote::plusOne))
        .addMethod(GrpcMethods.SEND, ServerCalls.asyncServerStreamingCall(GrpcRemote::send))
        .build();
  }

  private static void plusOne(Integer value, StreamObserver<Integer> answer) {
    answer.onNext(value + 1);
    answer.onCompleted();
  }

  /** Sends while the caller keeps up, and goes on when it is told that the caller does. */
  private static void send(Integer values, StreamObserver<Integer> answer) {
    ServerCallStreamObserver<Integer> caller = (ServerCallStreamObserver<Integer>) answer;
    caller.setOnReadyHandler(
        new Runnable() {
          private int next;

          @Override
          public void run() {
            while (next < values && caller.isReady()) {
              caller.onNext(next++);
              if (next == values) {
                caller.onCompleted();
              }
            }
          }
        });
  }

  @Override
  public int plusOne(int value) {
    return ClientCalls.blockingUnaryCall(
        channel,
        GrpcMethods.PLUS_ONE,
        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
        value);
  }

  @Override
  public long sent(int values) {
    Iterator<Integer> numbers =
        ClientCalls.blockingServerStreamingCall(
            channel, GrpcMethods.SEND, CallOptions.DEFAULT, values);
    long sum = 0;
    while (numbers.hasNext()) {
      sum += numbers.next();
    }
    return sum;
  }

  @Override
  public long taken(int values) {
    return sent(values);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
