package dev.circulate.service;

import dev.circulate.contract.GoForFailureContract;
import dev.circulate.contract.Reach;

/** What a GoFor does with failures of services in the same address space. */
class GoForFailureTest extends GoForFailureContract {
  GoForFailureTest() {
    super(Reach.local());
  }
}
