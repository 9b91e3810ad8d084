package dev.circulate.runtime;

import dev.circulate.contract.GoForFailureContract;

/** What a GoFor does with failures of services in another address space. */
class ProxyGoForFailureTest extends GoForFailureContract {
  ProxyGoForFailureTest() {
    super(new FarReach());
  }
}
