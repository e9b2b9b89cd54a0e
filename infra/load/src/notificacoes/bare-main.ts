/** Sends as many e-mails as it is told by a bare client, and prints how long that took and what it cost. */
import {
  enviarPorFetch,
  enviarPorNodemailer,
} from '../../../../services/notificacoes/test/support/carga/puros.ts';

const { WAY, URL: url = '', MESSAGES, TOGETHER } = process.env;

const send = WAY === 'smtp' ? enviarPorNodemailer : enviarPorFetch;
const warmUp = 200;
await send(url, warmUp, Number(TOGETHER));
const [cpu, start] = [process.cpuUsage(), performance.now()];
await send(url, Number(MESSAGES), Number(TOGETHER));
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1_000, cpuMs: (user + system) / 1_000 }));
