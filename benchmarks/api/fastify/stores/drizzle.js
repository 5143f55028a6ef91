// Rows by Drizzle, as its documentation writes queries.
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { connect } from './connect.js'

export async function openStore(url) {
  const { db, items, categories, users, withCategory } = await connect(url)
  return {
    item: async (id) => (await withCategory().where(eq(items.id, id)))[0],
    items: (limit, offset) => withCategory().orderBy(items.created_at).limit(limit).offset(offset),
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
