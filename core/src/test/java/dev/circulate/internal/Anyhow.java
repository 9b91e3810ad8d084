package dev.circulate.internal;

/** Of a put that may come to whatever it does. */
final class Anyhow implements PutHandler {
  @Override
  public void accepted() {}

  @Override
  public void refused() {}
}
