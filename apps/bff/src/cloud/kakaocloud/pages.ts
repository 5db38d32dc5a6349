/** 500 instances is the quota of a project (reference/kakaocloud.md A.9); this is room for an embedded 10,000. */
const maximumPages = 20;

/** Reads a list to its end, one page after the other, and gives up at 20 pages. */
export async function readAllPages<Row>(
  read: (offset: number) => Promise<{ rows: Row[]; total: number }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let page = 0; page < maximumPages; page += 1) {
    const { rows, total } = await read(all.length);
    all.push(...rows);
    if (rows.length === 0 || all.length >= total) break;
  }
  return all;
}
