import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { EventoDeSeguranca } from '../../auditoria/domain/evento-de-seguranca.ts';
import type { Exportacao } from '../domain/exportacao.ts';
import { DownloadExportHandler } from './download-export.ts';

const em = new Date('2026-11-23T12:00:00Z');
const exportacao = { id: 'e', usuarioId: 'cli_ana', pedidoEm: em } as Exportacao;

async function* inteiro() {
  yield Buffer.from('a');
  yield Buffer.from('b');
}

async function* vazio(): AsyncGenerator<Buffer> {
  yield* await Promise.reject<never[]>(new Error('away'));
}

/** What is handed out by an archive, and what is recorded of it. */
async function aberto(abrir: () => AsyncGenerator<Buffer> = inteiro, registrar = async () => {}) {
  const eventos: (string | undefined)[] = [];
  const handler = new DownloadExportHandler({
    enderecos: { ler: () => ({ exportacaoId: 'e', sessaoId: 's', geracao: 1, expiraEm: em }) },
    acabou: () => false,
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

async function ler(conteudo: AsyncIterable<Buffer>): Promise<Buffer> {
  const partes: Buffer[] = [];
  for await (const parte of conteudo) partes.push(parte);
  return Buffer.concat(partes);
}

describe('a download of an archive', () => {
  it('is recorded before its first byte leaves, and before its end is told', async () => {
    const { conteudo, eventos } = await aberto();
    const partes = conteudo[Symbol.asyncIterator]();
    expect([(await partes.next()).value?.toString(), eventos]).toEqual(['a', ['BAIXANDO']]);
    await partes.next();
    expect([(await partes.next()).done, eventos]).toEqual([true, ['BAIXANDO', 'BAIXADA']]);
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
    expect(eventos).toEqual(['BAIXANDO', 'BAIXADA_EM_PARTE']);
  });

  it('hands nothing out that cannot be recorded', async () => {
    const { conteudo } = await aberto(inteiro, () => Promise.reject(new Error('no record')));
    const partes: Buffer[] = [];
    const reading = async () => {
      for await (const parte of conteudo) partes.push(parte);
    };
    await expect(reading()).rejects.toThrow('no record');
    expect(partes).toEqual([]);
  });

  it('breaks off when its end cannot be recorded', async () => {
    let recorded = 0;
    const { conteudo, eventos } = await aberto(inteiro, async () => {
      recorded += 1;
      if (recorded > 1) throw new Error('no record');
    });
    await expect(ler(conteudo)).rejects.toThrow('no record');
    expect(eventos).toEqual(['BAIXANDO']);
  });
});

function baixador() {
  const handler = new DownloadExportHandler({
    enderecos: {
      ler: (exportacaoId) => ({ exportacaoId, sessaoId: 's', geracao: 1, expiraEm: em }),
    },
    consulta: { paraBaixar: async (id) => ({ ...exportacao, id }) },
    arquivos: {
      abrir: inteiro,
    },
    acabou: () => false,
    auditoria: { registrar: async () => {} },
    clock: new FixedClock(em.toISOString()),
  });
  const origem = { endereco: '', dispositivo: '' };
  return async (endereco: string) => {
    const aberto = await handler.execute({ endereco, origem });
    return aberto.isFailure ? aberto.error.motivo : aberto.value.conteudo[Symbol.asyncIterator]();
  };
}

type Aberto = AsyncIterator<Buffer>;

describe('downloads of an export', () => {
  it('are two at once, of each export; the next begins when one has ended, or its client has gone away', async () => {
    const baixar = baixador();
    const [a, b] = [(await baixar('exp_1')) as Aberto, (await baixar('exp_1')) as Aberto];
    await Promise.all([a.next(), b.next()]);
    expect(await baixar('exp_1')).toBe('MUITAS_TENTATIVAS');
    expect(await baixar('exp_2')).not.toBe('MUITAS_TENTATIVAS');
    await a.return?.();
    const c = (await baixar('exp_1')) as Aberto;
    await c.next();
    expect(await baixar('exp_1')).toBe('MUITAS_TENTATIVAS');
    for (let done: boolean | undefined = false; !done; ) ({ done } = await b.next());
    expect(await baixar('exp_1')).not.toBe('MUITAS_TENTATIVAS');
  });

  it('are not counted for who asks for the headers alone', async () => {
    const baixar = baixador();
    for (let n = 0; n < 5; n++) expect(await baixar('exp_1')).not.toBe('MUITAS_TENTATIVAS');
  });
});
