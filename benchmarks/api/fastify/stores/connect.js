// Drizzle on better-sqlite3, or on pg with its pool. Only the driver that is used is loaded, as it
// would be in an application.
import { eq, getTableColumns } from 'drizzle-orm'

export async function connect(url) {
  const { db, tables } = url.startsWith('sqlite') ? await sqlite(url) : await postgresql(url)
  const { items, categories } = tables
  const { category_id, ...columns } = getTableColumns(items)
  const withCategory = () =>
    db
      .select({ ...columns, category: categories.name })
      .from(items)
      .innerJoin(categories, eq(items.category_id, categories.id))
  return { db, ...tables, withCategory }
}

async function sqlite(url) {
  const { drizzle } = await import('drizzle-orm/better-sqlite3')
  const { open } = await import('./sqlite.js')
  return { db: drizzle(open(url)), tables: await import('./tables.sqlite.js') }
}

async function postgresql(url) {
  const { drizzle } = await import('drizzle-orm/node-postgres')
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  return { db: drizzle(pool), tables: await import('./tables.postgresql.js') }
}
