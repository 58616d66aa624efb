/** Parts of a file (RFC 9110, 14). */

/** Positions of the first and the last byte, from 0. */
export interface Range {
  start: number;
  end: number;
}

/**
 * What a request wants of `size` bytes: a part, `"unsatisfiable"` (416), or null for the whole. That is also the answer
 * to several parts at once, which a server may give (14.2): nobody who resumes a download asks for them.
 *
 * @param etag is strong. An `If-Range` that does not name it means that the file is another one by now.
 */
export function rangeOf(
  { method, headers }: Request,
  size: number,
  etag: string,
): Range | "unsatisfiable" | null {
  const ifRange = headers.get("If-Range");
  if (method !== "GET" || (ifRange !== null && ifRange !== etag)) return null;
  const [, from, to] = headers.get("Range")?.match(/^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i) ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return null;
  if (from === "") {
    // The last so many bytes.
    return Number(to) === 0 ? "unsatisfiable" : { start: Math.max(0, size - Number(to)), end: size - 1 };
  }
  const start = Number(from);
  const end = to === "" ? size - 1 : Number(to);
  if (end < start && to !== "") return null;
  return start >= size ? "unsatisfiable" : { start, end: Math.min(end, size - 1) };
}
