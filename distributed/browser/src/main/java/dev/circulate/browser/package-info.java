/**
 * The peer in the browser: a page holds channels of this process, and this process holds channels
 * of the page. {@link dev.circulate.browser.BrowserPeer} serves the JavaScript module that the page
 * imports, at the port at which its links arrive.
 */
@NullMarked
package dev.circulate.browser;

import org.jspecify.annotations.NullMarked;
