import { existsSync, rmSync } from "node:fs";
import sqlite3 from "sqlite3";

const file = "/tmp/adm-work/big/q.sqlite";
const fresh = !existsSync(file);
const db = new sqlite3.Database(file);
const all = (sql) => new Promise((res, rej) => db.all(sql, (e, r) => (e ? rej(e) : res(r))));
if (fresh) {
  await all("PRAGMA journal_mode=WAL");
  await all("PRAGMA synchronous=OFF");
  await all(
    "CREATE TABLE todos (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(200) NOT NULL, done TINYINT(1) NOT NULL DEFAULT 0, created_at DATETIME NOT NULL, deleted_at DATETIME)",
  );
  await all("CREATE INDEX todos_list ON todos (deleted_at, created_at, id)");
  await all("CREATE INDEX todos_list_by_done ON todos (deleted_at, done, created_at, id)");
  await all(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n WHERE i < 999999) INSERT INTO todos (title, done, created_at) SELECT CASE i % 5 WHEN 0 THEN 'Order the M8 bolts for the workshop' WHEN 1 THEN 'Review the signed contract for Zürich' WHEN 2 THEN 'Renew the incident report before Friday’s stand-up' WHEN 3 THEN 'Call about the TLS certificate' ELSE 'Send the backup on the second disk' END || ' (' || i || ')', i % 3 = 2, strftime('%Y-%m-%d %H:%M:%f', 1700000000 - i*60, 'unixepoch') || ' +00:00' FROM n`,
  );
  await all("CREATE INDEX zz_title ON todos (deleted_at, created_at, id, title)");
}
const time = async (name, sql) => {
  const ts = [];
  let n;
  for (let k = 0; k < 3; k++) {
    const t = performance.now();
    n = (await all(sql)).length;
    ts.push(performance.now() - t);
  }
  console.log(ts.map((t) => t.toFixed(0).padStart(6)).join(""), name, n);
};
await all("DROP INDEX zz_title").catch(() => {});
const L = "ORDER BY created_at DESC, id DESC LIMIT 50";
const D = "deleted_at IS NULL";
await time("rare instr list", `SELECT * FROM todos WHERE instr(lower(title), '777777') > 0 AND ${D} ${L}`);
await time(
  "rare instr count",
  `SELECT count(*) FROM (SELECT id FROM todos WHERE instr(lower(title), '777777') > 0 AND ${D} LIMIT 10001)`,
);
await time("rare like list", `SELECT * FROM todos WHERE title LIKE '%777777%' ESCAPE '\\' AND ${D} ${L}`);
await time(
  "rare like count",
  `SELECT count(*) FROM (SELECT id FROM todos WHERE title LIKE '%777777%' ESCAPE '\\' AND ${D} LIMIT 10001)`,
);
await time(
  "rare like count, no index",
  `SELECT count(*) FROM (SELECT id FROM todos NOT INDEXED WHERE title LIKE '%777777%' ESCAPE '\\' AND ${D} LIMIT 10001)`,
);
await time(
  "rare instr count, no index",
  `SELECT count(*) FROM (SELECT id FROM todos NOT INDEXED WHERE instr(lower(title), '777777')>0 AND ${D} LIMIT 10001)`,
);
await time(
  "rare instr nolower, no index",
  `SELECT count(*) FROM (SELECT id FROM todos NOT INDEXED WHERE instr(title, '777777')>0 AND ${D} LIMIT 10001)`,
);
await all("PRAGMA mmap_size=1000000000");
await time(
  "mmap rare instr count, no index",
  `SELECT count(*) FROM (SELECT id FROM todos NOT INDEXED WHERE instr(lower(title), '777777')>0 AND ${D} LIMIT 10001)`,
);
await time(
  "mmap rare like count, no index",
  `SELECT count(*) FROM (SELECT id FROM todos NOT INDEXED WHERE title LIKE '%777777%' ESCAPE '\\' AND ${D} LIMIT 10001)`,
);
await time(
  "mmap rare instr list",
  `SELECT * FROM todos WHERE instr(lower(title), '777777') > 0 AND ${D} ${L}`,
);
await time(
  "common count",
  `SELECT count(*) FROM (SELECT id FROM todos WHERE instr(lower(title), 'bolts') > 0 AND ${D} LIMIT 10001)`,
);
await time("deep page", `SELECT * FROM todos WHERE ${D} ORDER BY created_at DESC, id DESC LIMIT 500000, 50`);
