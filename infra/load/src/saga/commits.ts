import { Client } from 'pg';

const CONNECTIONS = 10;
const SECONDS = 3;

/** How many one-row transactions a second PostgreSQL makes durable here: what no booking can be faster than. */
export async function commitsPerSecond(databaseUrl: string): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, () => new Client({ connectionString: databaseUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await clients[0]?.query('create table bench_commits (id bigint generated always as identity)');
    const end = performance.now() + SECONDS * 1_000;
    const counts = await Promise.all(clients.map((client) => commitUntil(client, end)));
    await clients[0]?.query('drop table bench_commits');
    return Math.round(counts.reduce((sum, count) => sum + count, 0) / SECONDS);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function commitUntil(client: Client, end: number): Promise<number> {
  let commits = 0;
  for (; performance.now() < end; commits++) await client.query('insert into bench_commits default values');
  return commits;
}
