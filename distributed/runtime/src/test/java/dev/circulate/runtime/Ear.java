package dev.circulate.runtime;

import dev.circulate.runtime.session.Message;
import dev.circulate.service.Request;
import java.util.ArrayList;
import java.util.List;

/** Hears what is said, and lets another thread's doing come in between. */
final class Ear implements Voice {
  final List<Message> said = new ArrayList<>();
  final List<Object> undelivered = new ArrayList<>();
  Runnable meanwhile = NOTHING;

  @Override
  public void say(Message message, int body, Runnable lost) {
    said.add(message);
  }

  @Override
  public void undelivered(Object value) {
    undelivered.add(value);
  }

  @Override
  public Aside aside() {
    return new Aside(Runnable::run);
  }

  @Override
  public Aside aside(Object channel) {
    return aside();
  }

  @Override
  public Parcel pack(Object value) {
    meanwhile.run();
    return new Parcel(value, 0, List.of());
  }

  @Override
  public Parcel pack(Request request) {
    return pack((Object) request);
  }

  @Override
  public void check(Object value) {}

  @Override
  public int window() {
    return 4;
  }

  @Override
  public int putsPerCredit() {
    return 2;
  }

  @Override
  public int longestSentence() {
    return 100;
  }

  @Override
  public void forget(Import forgotten) {}

  @Override
  public void settled(Export export) {}
}
