/** Classes that break the rules on purpose, so that the rules are seen to notice. */
package net.spillway.it.boundary;
