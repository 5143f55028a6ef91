// Rows by Drizzle, as its documentation writes queries: on better-sqlite3, or on pg with its pool.
// Only the driver that is used is loaded, as it would be in an application.
import { randomUUID } from 'node:crypto'
import { eq, getTableColumns } from 'drizzle-orm'

export async function openStore(url) {
  if (url.startsWith('sqlite')) {
    const { drizzle } = await import('drizzle-orm/better-sqlite3')
    const { open } = await import('./sqlite.js')
    return storeOf(drizzle(open(url)), await import('./tables.sqlite.js'))
  }
  const { drizzle } = await import('drizzle-orm/node-postgres')
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  return storeOf(drizzle(pool), await import('./tables.postgresql.js'))
}

function storeOf(db, { items, categories, users }) {
  const { category_id, ...columns } = getTableColumns(items)
  const withCategory = () =>
    db
      .select({ ...columns, category: categories.name })
      .from(items)
      .innerJoin(categories, eq(items.category_id, categories.id))
  return {
    item: async (id) => (await withCategory().where(eq(items.id, id)))[0],
    items: (limit, offset) =>
      withCategory().orderBy(items.created_at).limit(limit).offset(offset),
    itemsOf: (owner, limit) =>
      withCategory().where(eq(items.owner_id, owner)).orderBy(items.created_at).limit(limit),
    user: async (id) => (await db.select().from(users).where(eq(users.id, id)))[0],
    category: async (id) => (await db.select().from(categories).where(eq(categories.id, id)))[0],
    create: async (fields) => {
      const row = { ...fields, id: randomUUID(), created_at: new Date().toISOString() }
      return (await db.insert(items).values(row).returning())[0]
    },
  }
}
