import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@plataforma/domain/clock';
import { EntregarHandler } from './entregar.ts';
import type { EntregaDevida, Entregue, FilaDeEntregas, Tentativa, WebhookTomado } from './ports.ts';

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
  const olhados: Array<readonly string[] | 'TODOS'> = [];
  const temMais = new Set(['cheio']);
  const presos = Promise.withResolvers<Tentativa>();
  const fila = {
    tomar: async (limite: number, _agora: Date, _ate: Date, quais?: readonly string[]) => {
      olhados.push(quais ?? 'TODOS');
      const ids = porTomar.filter((id) => quais?.includes(id) ?? true).slice(0, limite);
      for (const id of ids) porTomar.splice(porTomar.indexOf(id), 1);
      return ids.map((id) => ({ id, falhas: 0, posse: 'p' }) as WebhookTomado);
    },
    devidas: async (webhooks: readonly WebhookTomado[]) => {
      const deUm = ({ id }: WebhookTomado) =>
        (pendentes.get(id) ?? []).map(
          (n) => ({ eventoId: `${n}`, tentativas: 0, desde: EM }) as EntregaDevida,
        );
      return new Map(webhooks.map((webhook) => [webhook.id, deUm(webhook)]));
    },
    marcarEntregues: async (entregues: readonly Entregue[]) => {
      for (const { webhook, entrega } of entregues) {
        const { id } = webhook;
        const faltam = (pendentes.get(id) ?? []).filter((n) => `${n}` !== entrega.eventoId);
        pendentes.set(id, faltam);
        recebidos.push(id);
      }
    },
    soltar: async (webhooks: readonly WebhookTomado[]) => {
      soltos.push(...webhooks.map(({ id }) => id));
      return webhooks.map(({ id }) => id).filter((id) => id === 'cheio' && temMais.delete(id));
    },
  } satisfies FilaDeEntregas;
  const mensageiro = {
    enviar: ({ id }: WebhookTomado) => (id.startsWith('preso') ? presos.promise : Promise.resolve(RECEBEU)),
  };
  const nada = () => undefined;
  const observador = { tentativa: nada, desativado: nada, quebrou: nada };
  const anotarFalha = { execute: async () => false };
  const deps = { clock: systemClock, fila, anotarFalha, mensageiro, observador, sorte: () => 0 };
  return {
    handler: new EntregarHandler(deps, lugares),
    recebidos,
    soltos,
    olhados,
    porTomar,
    responder: presos.resolve,
  };
}

const voltas = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('EntregarHandler', () => {
  it('sends to those that answer while others hang', async () => {
    const presos = Array.from({ length: 50 }, (_, n) => `preso${n}`);
    const { handler, recebidos, soltos, responder } = cenario([...presos, 'bom'], 100);
    expect(await handler.work(100)).toBe(51);
    await voltas();
    expect(recebidos).toEqual(['bom', 'bom', 'bom']);
    expect(soltos).toEqual(['bom']);
    responder(RECEBEU);
    await handler.parar();
    expect(soltos).toHaveLength(51);
  });

  it('takes no more addresses than it has places for, and tells when one is free', async () => {
    const { handler, responder } = cenario(['preso1', 'preso2', 'preso3'], 2);
    let livres = 0;
    handler.aoLivrar(() => {
      livres += 1;
    });
    expect([await handler.work(100), await handler.work(100)]).toEqual([2, 0]);
    responder(RECEBEU);
    await voltas();
    expect(livres).toBe(2);
    expect(await handler.work(100)).toBe(1);
    await handler.parar();
    expect(await handler.work(100)).toBe(0);
  });

  it('looks at those alone of which it was told, until it is time for all', async () => {
    const { handler, olhados, porTomar } = cenario(['a', 'b', 'c'], 2);
    expect(await handler.work(100)).toBe(2);
    await voltas();
    expect(await handler.work(100)).toBe(1);
    await voltas();
    expect(await handler.work(100)).toBe(0);
    porTomar.push('d', 'e');
    handler.avisar(['d', 'a']);
    expect(await handler.work(100)).toBe(1);
    expect(olhados).toEqual(['TODOS', 'TODOS', ['d', 'a']]);
    await handler.parar();
  });

  it('comes back to an address for which more is due, or of which it is told while it sends there', async () => {
    const { handler, olhados, porTomar, responder } = cenario(['cheio', 'preso'], 3);
    await handler.work(100);
    handler.avisar(['preso']);
    await voltas();
    porTomar.push('cheio', 'preso');
    await handler.work(100);
    expect(olhados).toEqual(['TODOS', ['cheio']]);
    responder(RECEBEU);
    await voltas();
    await handler.work(100);
    expect(olhados.at(-1)).toEqual(['preso']);
    await handler.parar();
  });
});
