/**
 * The one loop, for every method: requests of many callers as runs in slots, which join and leave at any round and share
 * every model call. Behind the front door; not for users.
 */
package dev.paraflux.engine;
