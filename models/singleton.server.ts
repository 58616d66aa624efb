/**
 * Returns the one `key` of this process, made by `make` at the first call.
 *
 * Hot reload evaluates modules again; what lives as long as the process (a connection, a hub, a timer)
 * sits on `globalThis`, so that a reload finds the first one instead of making a second.
 */
export function singleton<T>(key: string, make: () => T): T {
  const store = globalThis as { __tenfold?: Map<string, unknown> };
  store.__tenfold ??= new Map();
  if (!store.__tenfold.has(key)) store.__tenfold.set(key, make());
  return store.__tenfold.get(key) as T;
}
