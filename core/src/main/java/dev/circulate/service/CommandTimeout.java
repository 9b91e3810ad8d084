package dev.circulate.service;

import java.time.Duration;

/**
 * The longest that a command may take, whatever its caller allows.
 *
 * @param command its name
 * @param limit how long
 */
record CommandTimeout(String command, Duration limit) {
  CallError passed() {
    return new CallError.Timeout(
        limit, "'" + command + "' took longer than " + limit + ", which is all that it is given");
  }
}
