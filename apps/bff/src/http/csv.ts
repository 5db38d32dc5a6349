import { once } from 'node:events';
import type { Response } from 'express';

type Cell = string | number | boolean | null;

/** A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/;

/** One line of RFC 4180, CRLF included. Null is an empty cell. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Answers with a file of pages of rows as they come, at the pace at which the client takes them. A failure before the
 * first page is a problem document; a later one cuts the connection, so that no half file passes for a whole one.
 */
export async function sendCsv(
  response: Response,
  name: string,
  header: readonly string[],
  pages: AsyncIterable<readonly Cell[][]>,
): Promise<void> {
  const begin = () => {
    response.setHeader('content-type', 'text/csv; charset=utf-8');
    response.setHeader('content-disposition', `attachment; filename="${name}"`);
    // the mark by which spreadsheets know UTF-8
    response.write(`\ufeff${csvLine(header)}`);
  };
  for await (const rows of pages) {
    if (!response.headersSent) begin();
    const taken = response.write(rows.map(csvLine).join(''));
    if (!taken && !response.destroyed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    if (response.destroyed) return;
  }
  if (!response.headersSent) begin();
  response.end();
}
