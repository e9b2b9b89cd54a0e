import type { Stage } from '../stage.ts';
import { contas, entrada } from './contas.ts';
import { espacos } from './espacos.ts';
import { fator } from './fator.ts';
import { administradores, chaves, google, passkeys, tentativas } from './guardas.ts';
import { mensagens, semContrato, webhooks } from './mensagens.ts';
import { pagamentos } from './pagamentos.ts';
import { recusas } from './recusas.ts';
import { reservar, umaReserva } from './reservas.ts';
import { calendarios, fila, series } from './series.ts';

/** Plays every scene: those that share nobody at the same time. */
export async function playAll(stage: Stage): Promise<void> {
  await recusas(stage);
  const inOrder = async (...scenes: ((stage: Stage) => Promise<void>)[]) => {
    const driver = stage.driver.beside();
    for (const scene of scenes) await scene({ ...stage, driver });
    return driver;
  };
  const drivers = await Promise.all([
    inOrder(espacos, reservar, umaReserva, series, fila, calendarios),
    inOrder(pagamentos, mensagens, webhooks, semContrato),
    inOrder(entrada, fator, contas),
    inOrder(tentativas, administradores, google, passkeys, chaves),
  ]);
  // In one order, whoever was faster.
  for (const driver of drivers) stage.driver.add(driver);
}
