/**
 * The disk as segments see it: a handful of calls behind one small interface, so that tests can
 * put full disks and lost writes under the same code that runs in production.
 */
package net.spillway.spool.file;
