// Rows by Drizzle's prepared statements: built once, with placeholders.
import { randomUUID } from 'node:crypto'
import { Param, eq, getTableColumns, sql } from 'drizzle-orm'
import { connect } from './connect.js'

// A placeholder that is written as the column's type is.
const given = (column) => new Param(sql.placeholder(column.name), column)

export async function openStore(url) {
  const { db, items, categories, users, withCategory } = await connect(url)
  const one = withCategory().where(eq(items.id, given(items.id))).prepare('one')
  const many = withCategory()
    .orderBy(items.created_at)
    .limit(sql.placeholder('limit'))
    .offset(sql.placeholder('offset'))
    .prepare('many')
  const mine = withCategory()
    .where(eq(items.owner_id, given(items.owner_id)))
    .orderBy(items.created_at)
    .limit(sql.placeholder('limit'))
    .prepare('mine')
  const user = db.select().from(users).where(eq(users.id, given(users.id))).prepare('user')
  const category = db
    .select()
    .from(categories)
    .where(eq(categories.id, given(categories.id)))
    .prepare('category')
  const columns = Object.keys(getTableColumns(items))
  const values = Object.fromEntries(columns.map((name) => [name, sql.placeholder(name)]))
  const insert = db.insert(items).values(values).returning().prepare('insert')
  return {
    item: async (id) => (await one.execute({ id }))[0],
    items: (limit, offset) => many.execute({ limit, offset }),
    itemsOf: (owner_id, limit) => mine.execute({ owner_id, limit }),
    user: async (id) => (await user.execute({ id }))[0],
    category: async (id) => (await category.execute({ id }))[0],
    create: async (fields) => {
      const row = { ...fields, id: randomUUID(), created_at: new Date().toISOString() }
      return (await insert.execute(row))[0]
    },
  }
}
