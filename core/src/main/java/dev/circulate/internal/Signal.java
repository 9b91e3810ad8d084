package dev.circulate.internal;

/** What an operation answers instead of a value. */
enum Signal {
  /** The channel is closed: no value moved, and none will. */
  CLOSED,
  /** The buffer is full: a put would have to wait. */
  FULL,
  /** A put has happened. */
  PUT
}
