import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { ExportacaoNaoEncontradaError } from '../domain/recusa.ts';
import type { Arquivos, ConsultaDeExportacoes, Enderecos } from './ports.ts';

/** Somebody has the address of an archive. */
export interface DownloadExportCommand {
  /** Last segment of the address, as it came. */
  readonly endereco: string;
  readonly origem: Origem;
}

/** The archive as it is sent. */
export interface ArquivoAberto {
  readonly pedidaEm: Date;
  readonly conteudo: AsyncIterable<Buffer>;
}

interface Deps {
  readonly enderecos: Pick<Enderecos, 'ler'>;
  readonly consulta: Pick<ConsultaDeExportacoes, 'paraBaixar'>;
  readonly arquivos: Arquivos;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Hands out an archive to who has its address. A forged or void one is refused before anything is read. */
export class DownloadExportHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({
    endereco,
    origem,
  }: DownloadExportCommand): Promise<Result<ArquivoAberto, ExportacaoNaoEncontradaError>> {
    const { enderecos, consulta, arquivos, auditoria, clock } = this.#deps;
    const em = clock.now();
    const lido = enderecos.ler(endereco, em);
    const exportacao = lido && (await consulta.paraBaixar(lido.exportacaoId, lido.geracao, em));
    if (!exportacao) return Result.fail(new ExportacaoNaoEncontradaError());
    const { usuarioId, pedidaEm } = exportacao;
    const evento = { tipo: 'DADOS_EXPORTADOS', resultado: 'FEITO', detalhe: 'BAIXADA' } as const;
    await auditoria.registrar({ ...evento, usuarioId, origem, em });
    return Result.ok({ pedidaEm, conteudo: arquivos.abrir(exportacao, em) });
  }
}
