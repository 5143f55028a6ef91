// How the benchmark's SQLite file keeps what SQLite has no type for.
import Database from 'better-sqlite3'

export function open(url) {
  const database = new Database(new URL(url).pathname)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.pragma('busy_timeout = 20000')
  database.pragma('mmap_size = 134217728')
  return database
}

export const uuid = {
  read: (text) =>
    `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`,
  write: (text) => text.replaceAll('-', ''),
}

export const money = { read: (number) => number.toFixed(2), write: Number }

export const instant = {
  read: (text) => `${text.slice(0, 10)}T${text.slice(11)}Z`,
  write: (text) => `${text.slice(0, 10)} ${text.slice(11, -1)}`,
}
