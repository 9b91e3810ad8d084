package dev.circulate.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.Set;

/** The libraries of the suite, ours first. */
public enum Library {
  CIRCULATE("circulate"),
  JOX("jox"),
  KOTLIN("kotlin"),
  CORE_ASYNC("core.async"),
  JDK("JDK"),
  JCTOOLS("JCTools"),
  PARKING("parking alone"),
  GRPC_VIRTUAL("gRPC, virtual threads"),
  GRPC_DEFAULT("gRPC, default executor"),
  WEB_SOCKET("bare WebSocket"),
  FRAMES("frames alone");

  /** Those that have channels in one address space. */
  static final Set<Library> LOCAL = EnumSet.range(CIRCULATE, JDK);

  /** Those whose tasks can try instead of waiting. */
  static final Set<Library> TRYING = EnumSet.of(CIRCULATE, JDK, JCTOOLS);

  /** Ours, and what any rendezvous of virtual threads that park costs at least. */
  static final Set<Library> FLOORED = EnumSet.of(CIRCULATE, PARKING);

  /** Ours, and what any call over our WebSockets costs at least. */
  static final Set<Library> FLOORED_REMOTE = EnumSet.of(CIRCULATE, WEB_SOCKET);

  /** Ours, and what many calls at a time in our frames cost at least. */
  static final Set<Library> FLOORED_CROWD = EnumSet.of(CIRCULATE, FRAMES);

  /** The columns of all of these. */
  static final Set<Library> FLOORS = EnumSet.of(CIRCULATE, PARKING, WEB_SOCKET, FRAMES);

  /** Those that cross to another. */
  static final Set<Library> REMOTE = EnumSet.of(CIRCULATE, GRPC_VIRTUAL, GRPC_DEFAULT);

  private final String title;

  Library(String title) {
    this.title = title;
  }

  /** What reports call it. */
  String title() {
    return title;
  }

  /** Loads this library, and no class of another: a fork that saw two would inline neither. */
  Peer load() {
    return switch (this) {
      case CIRCULATE -> new CirculatePeer();
      case JOX -> new JoxPeer();
      case KOTLIN -> new KotlinPeer();
      case CORE_ASYNC -> new CoreAsyncPeer();
      case JDK -> new JdkPeer();
      case JCTOOLS -> new JctoolsPeer();
      case PARKING -> new ParkingPeer();
      case GRPC_VIRTUAL, GRPC_DEFAULT, WEB_SOCKET, FRAMES ->
          throw new IllegalStateException(title + " has no channels");
    };
  }

  /** Starts a server in this process. */
  RemoteServer serve(RemoteLink link) throws IOException {
    return switch (this) {
      case CIRCULATE -> CirculateRemote.serve(link);
      case GRPC_VIRTUAL -> GrpcRemote.serve(link, true);
      case GRPC_DEFAULT -> GrpcRemote.serve(link, false);
      case WEB_SOCKET -> BareSocket.serve();
      case FRAMES -> BareFrames.serve();
      default -> throw staysAtHome();
    };
  }

  /** Connects to a server of the same library. */
  RemotePeer connect(RemoteLink link, URI server) throws IOException, InterruptedException {
    return switch (this) {
      case CIRCULATE -> CirculateRemote.connect(link, server);
      case GRPC_VIRTUAL -> GrpcRemote.connect(link, server, true);
      case GRPC_DEFAULT -> GrpcRemote.connect(link, server, false);
      case WEB_SOCKET -> BareSocket.connect(server);
      case FRAMES -> BareFrames.connect(link, server);
      default -> throw staysAtHome();
    };
  }

  private IllegalStateException staysAtHome() {
    return new IllegalStateException(title + " stays in one address space");
  }
}
