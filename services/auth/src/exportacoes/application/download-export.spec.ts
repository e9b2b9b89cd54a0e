import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { EventoDeSeguranca } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { Exportacao } from '../domain/exportacao.ts';
import { DownloadExportHandler } from './download-export.ts';

const em = new Date('2026-11-23T12:00:00Z');
const exportacao = { id: 'e', usuarioId: 'cli_ana', pedidaEm: em } as Exportacao;

async function* inteiro() {
  yield Buffer.from('a');
  yield Buffer.from('b');
}

async function* vazio(): AsyncGenerator<Buffer> {
  throw new Error('away');
}

/** What is handed out by an archive, and what is recorded of it. */
async function aberto(abrir: () => AsyncGenerator<Buffer> = inteiro, registrar = async () => {}) {
  const eventos: (string | undefined)[] = [];
  const handler = new DownloadExportHandler({
    enderecos: { ler: () => ({ exportacaoId: 'e', geracao: 1 }) },
    consulta: { paraBaixar: async () => exportacao },
    arquivos: { abrir },
    auditoria: {
      async registrar({ detalhe }: EventoDeSeguranca) {
        await registrar();
        eventos.push(detalhe);
      },
    },
    clock: new FixedClock(em.toISOString()),
  });
  const pedido = { endereco: 'x', origem: { endereco: '', dispositivo: '' } };
  const lido = await handler.execute(pedido);
  if (lido.isFailure) throw new Error('it was not opened');
  return { conteudo: lido.value.conteudo, eventos };
}

const ler = async (conteudo: AsyncIterable<Buffer>) => Buffer.concat(await Array.fromAsync(conteudo));

describe('a download of an archive', () => {
  it('is recorded before its end is told', async () => {
    const { conteudo, eventos } = await aberto();
    expect((await ler(conteudo)).toString()).toBe('ab');
    expect(eventos).toEqual(['BAIXADA']);
  });

  it('is none when nothing of it is read, or nothing could be', async () => {
    expect((await aberto()).eventos).toEqual([]);
    const { conteudo, eventos } = await aberto(vazio);
    await expect(ler(conteudo)).rejects.toThrow('away');
    expect(eventos).toEqual([]);
  });

  it('is recorded as one in part by who goes away before the end, with what they have', async () => {
    const { conteudo, eventos } = await aberto();
    for await (const _ of conteudo) break;
    expect(eventos).toEqual(['BAIXADA_EM_PARTE']);
  });

  it('breaks off when it cannot be recorded', async () => {
    const { conteudo } = await aberto(inteiro, () => Promise.reject(new Error('no record')));
    await expect(ler(conteudo)).rejects.toThrow('no record');
  });
});
