/** Services, roots and GoFor between two go blocks of one address space. */
@NullMarked
package dev.circulate.service;

import org.jspecify.annotations.NullMarked;
