package dev.circulate.runtime;

import dev.circulate.contract.GoForContract;

/** The laws of a GoFor, kept towards services in another address space. */
class ProxyGoForTest extends GoForContract {
  ProxyGoForTest() {
    super(new FarReach());
  }
}
