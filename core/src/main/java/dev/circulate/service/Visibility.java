package dev.circulate.service;

/** Who can see a service of a {@link Root}. */
public enum Visibility {
  /** Everybody, in whichever address space. */
  PUBLIC,
  /** Local callers; for a remote one the service is not there. */
  PRIVATE
}
