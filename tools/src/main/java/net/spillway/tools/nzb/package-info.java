/**
 * Manifests: the model ({@link net.spillway.tools.nzb.NzbFile}), a reader that trusts nothing it
 * reads, a writer whose output other clients read, and the rule for names that come from outside
 * ({@link net.spillway.tools.nzb.RelativeName}).
 */
package net.spillway.tools.nzb;
