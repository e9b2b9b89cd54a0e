import { beforeEach, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { createMetrics } from '@plataforma/runtime/metrics';
import { pino } from 'pino';
import { FalhaDeEnvioError, type TipoFalha } from '../domain/falha-de-envio.ts';
import { CanalObservado } from './canal-observado.ts';

const MENSAGEM = {
  id: 'not_1',
  para: { nome: 'Ana', email: 'ana@exemplo.com' },
  ...{ assunto: 'Reserva', html: '<p>Oi</p>', texto: 'Oi', anexos: [] },
};

let ditas: { level: number; msg: string; motivo?: string }[];
let metrics: ReturnType<typeof createMetrics>;

beforeEach(() => {
  ditas = [];
  metrics = createMetrics('notificacoes');
});

/** A provider that answers so, one message after the other; `ENVIADA` takes it. */
async function enviar(...respostas: (TipoFalha | 'ENVIADA')[]): Promise<void> {
  const faltam = [...respostas];
  const carteiro = {
    enviar: async () => {
      const resposta = faltam.shift() ?? 'ENVIADA';
      return resposta === 'ENVIADA'
        ? Result.ok({ provedor: 'sendgrid' })
        : Result.fail(new FalhaDeEnvioError(resposta, `HTTP ${resposta}`));
    },
  };
  const logger = pino({}, { write: (linha: string) => void ditas.push(JSON.parse(linha)) });
  const canal = new CanalObservado(carteiro, { canal: 'EMAIL', provedor: 'sendgrid', logger, metrics });
  for (const _ of respostas) await canal.enviar(MENSAGEM);
}

const parado = async () =>
  /notificacoes_canal_parado\{[^}]*provedor="sendgrid"[^}]*\} (\d)/.exec(
    await metrics.registry.metrics(),
  )?.[1];

describe('CanalObservado', () => {
  it('says nothing of a provider that takes messages, or some of them', async () => {
    await enviar('ENVIADA', 'PERMANENTE', 'TEMPORARIA', 'INDISPONIVEL');
    expect([ditas, await parado()]).toEqual([[], '0']);
  });

  it('alerts once of a provider that refuses us, however often it is asked', async () => {
    await enviar('CREDENCIAIS', 'CREDENCIAIS', 'INDISPONIVEL', 'CREDENCIAIS');
    expect(ditas.map(({ level, motivo }) => [level, motivo])).toEqual([[50, 'HTTP CREDENCIAIS']]);
    expect(await parado()).toBe('1');
  });

  it.each(['ENVIADA', 'PERMANENTE'] as const)(
    'says that it is over when a message gets %s',
    async (depois) => {
      await enviar('CREDENCIAIS', depois);
      expect(ditas.map(({ level }) => level)).toEqual([50, 30]);
      expect(await parado()).toBe('0');
    },
  );
});
