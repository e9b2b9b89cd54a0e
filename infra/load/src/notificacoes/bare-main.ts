/**
 * Sends as many e-mails as it is told by a bare client, and prints how long that took and what it cost. With a database it also notes
 * of each that it is sent, in one durable statement: less than that nobody can do who must know tomorrow what was sent.
 */
import { Pool } from 'pg';
import {
  enviarPorFetch,
  enviarPorNodemailer,
} from '../../../../services/notificacoes/test/support/carga/puros.ts';

const { WAY, URL: url = '', MESSAGES, TOGETHER, DATABASE_URL } = process.env;

const NOTE = `
  with enviada as (update bench_mensagens set status = 'ENVIADA', enviada_em = now() where id = $1 returning id)
  insert into bench_registros (mensagem, tipo, em) select id, 'ENVIADA', now() from enviada`;

const pool = DATABASE_URL ? new Pool({ connectionString: DATABASE_URL, max: Number(TOGETHER) }) : undefined;
const note = async (n: number) => void (await pool?.query({ name: 'note', text: NOTE, values: [n] }));

const send = WAY === 'smtp' ? enviarPorNodemailer : enviarPorFetch;
const warmUp = 200;
await send(url, warmUp, Number(TOGETHER), note);
const [cpu, start] = [process.cpuUsage(), performance.now()];
await send(url, Number(MESSAGES), Number(TOGETHER), note);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1_000, cpuMs: (user + system) / 1_000 }));
await pool?.end();
