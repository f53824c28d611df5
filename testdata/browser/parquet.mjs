// Reads tables of the program with a Parquet reader that shares no line with its writer and holds every value against the
// JSON Lines of the same table: node parquet.mjs TABLE.parquet TABLE.jsonl... It prints "NAME ROWS" for a table that agrees.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

// A date or time of Parquet as JSON has it: the JSON value tells which of the two it is.
const plain = (value, like) => {
  if (value instanceof Date) return like?.length === 10 ? value.toISOString().slice(0, 10) : value.toISOString().replace('.000Z', 'Z')
  if (typeof value === 'bigint') return Number(value)
  return Array.isArray(value) ? value.map((v, i) => plain(v, like?.[i])) : value
}

const files = process.argv.slice(2)
for (let i = 0; i < files.length; i += 2) {
  const name = basename(files[i], '.parquet')
  const fail = problem => {
    console.error(`${name}: ${problem}`)
    process.exitCode = 1
  }
  const file = await asyncBufferFromFile(files[i])
  const codecs = new Set((await parquetMetadataAsync(file)).row_groups.flatMap(g => g.columns.map(c => c.meta_data.codec)))
  if (codecs.has('UNCOMPRESSED')) fail('not compressed')
  const rows = await parquetReadObjects({ file, compressors })
  const lines = readFileSync(files[i + 1], 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
  if (rows.length !== lines.length) fail(`${rows.length} rows in Parquet, ${lines.length} lines of JSON`)
  let told = 0
  lines.forEach((line, n) => {
    const row = rows[n] ?? {}
    if (Object.keys(row).join() !== Object.keys(line).join() && told++ < 5) fail(`row ${n}: columns ${Object.keys(row).join()}, in JSON ${Object.keys(line).join()}`)
    for (const [column, want] of Object.entries(line)) {
      const got = plain(row[column], want)
      if (!isDeepStrictEqual(got, want) && told++ < 5) fail(`row ${n}, ${column}: ${JSON.stringify(got)}, in JSON ${JSON.stringify(want)}`)
    }
  })
  console.log(name, rows.length, [...codecs].join())
}
