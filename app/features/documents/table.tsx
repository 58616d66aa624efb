import { useRef } from "react";
import type { DocumentRow } from "#models/document.server";
import { useFollowLinks } from "~/components/follow-links";
import { RelativeTime } from "~/components/relative-time";
import { sizeOf } from "./view";

/** The documents of a page. Plain links: a row is drawn fifty times. */
export function Table({ rows, seesAll }: { rows: DocumentRow[]; seesAll: boolean }) {
  const body = useRef<HTMLTableElement>(null);
  useFollowLinks(body);
  return (
    <table ref={body} className="documents">
      <thead>
        <tr>
          <th scope="col">Title</th>
          <th scope="col" className="num">
            Size
          </th>
          {seesAll && <th scope="col">Owner</th>}
          <th scope="col">Added</th>
          <th scope="col">File</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, title, filename, size, owner, createdAt }) => (
          <tr key={id} id={`document-${id}`}>
            <td>
              <a id={`d${id}`} href={`/documents/${id}`}>
                {title}
              </a>
              <small>{filename}</small>
            </td>
            <td className="num">{sizeOf(size)}</td>
            {seesAll && <td>{owner ?? "Nobody any more"}</td>}
            <td>
              <RelativeTime at={createdAt} />
            </td>
            <td>
              <a
                className="button quiet"
                href={`/documents/${id}/download`}
                data-file
                aria-describedby={`d${id}`}
              >
                Download
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
