import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@plataforma/domain/clock';
import { EntregarHandler } from './entregar.ts';
import type { EntregaDevida, FilaDeEntregas, Tentativa, WebhookTomado } from './ports.ts';

const EM = new Date();
const RECEBEU: Tentativa = {
  ...{ resultado: { tipo: 'RESPONDIDA', status: 204, esperarMs: undefined }, em: EM },
  ...{ duracaoMs: 1, erro: '', resposta: '' },
};

/** Addresses of these names with three deliveries each, in memory; those that are named `preso` answer when they are let. */
function cenario(nomes: string[], lugares: number) {
  const porTomar = [...nomes];
  const pendentes = new Map(nomes.map((nome) => [nome, [1, 2, 3]]));
  const recebidos: string[] = [];
  const soltos: string[] = [];
  const presos = Promise.withResolvers<Tentativa>();
  const fila = {
    tomar: async (limite: number) =>
      porTomar.splice(0, limite).map((id) => ({ id, falhas: 0, posse: 'p' }) as WebhookTomado),
    devidas: async ({ id }: WebhookTomado) =>
      (pendentes.get(id) ?? []).map((n) => ({ eventoId: `${n}`, tentativas: 0, desde: EM }) as EntregaDevida),
    marcarEntregue: async ({ id }: WebhookTomado, { eventoId }: EntregaDevida) => {
      pendentes.set(
        id,
        (pendentes.get(id) ?? []).filter((n) => `${n}` !== eventoId),
      );
      recebidos.push(id);
    },
    soltar: async ({ id }: WebhookTomado) => void soltos.push(id),
  } satisfies FilaDeEntregas;
  const mensageiro = {
    enviar: ({ id }: WebhookTomado) => (id.startsWith('preso') ? presos.promise : Promise.resolve(RECEBEU)),
  };
  const nada = () => undefined;
  const observador = { tentativa: nada, desativado: nada, quebrou: nada };
  const anotarFalha = { execute: async () => false };
  const deps = { clock: systemClock, fila, anotarFalha, mensageiro, observador, sorte: () => 0 };
  return { handler: new EntregarHandler(deps, lugares), recebidos, soltos, soltar: presos.resolve };
}

const voltas = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('EntregarHandler', () => {
  it('sends to those that answer while others hang', async () => {
    const presos = Array.from({ length: 50 }, (_, n) => `preso${n}`);
    const { handler, recebidos, soltos, soltar } = cenario([...presos, 'bom'], 100);
    expect(await handler.work(100)).toBe(51);
    await voltas();
    expect(recebidos).toEqual(['bom', 'bom', 'bom']);
    expect(soltos).toEqual(['bom']);
    soltar(RECEBEU);
    await handler.parar();
    expect(soltos).toHaveLength(51);
  });

  it('takes no more addresses than it has places for, and tells when one is free', async () => {
    const { handler, soltar } = cenario(['preso1', 'preso2', 'preso3'], 2);
    let livres = 0;
    handler.aoLivrar(() => {
      livres += 1;
    });
    expect([await handler.work(100), await handler.work(100)]).toEqual([2, 0]);
    soltar(RECEBEU);
    await voltas();
    expect(livres).toBe(2);
    expect(await handler.work(100)).toBe(1);
    await handler.parar();
    expect(await handler.work(100)).toBe(0);
  });
});
