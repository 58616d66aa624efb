import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port of this machine that is free now, for what has to be known before it listens, or found again at the same one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
