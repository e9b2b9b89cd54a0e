import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { AcessoNegadoError, UsuarioNaoEncontradoError } from '../../contas/domain/recusa.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { ConfirmOwner, OwnerRefused } from '../../credenciais/application/confirm-owner.ts';
import type { ProvaRecusada } from '../../fatores/application/ports.ts';
import { contamDesde, livreEm } from '../domain/exportacao.ts';
import {
  EmailNaoVerificadoError,
  ExportacaoEmAndamentoError,
  ExportacoesDemaisError,
} from '../domain/recusa.ts';
import type { Transacao } from './ports.ts';

export interface RequestExportCommand {
  readonly usuarioId: string;
  /** Generation of the caller's sessions that the token belongs to. */
  readonly geracao: number;
  readonly sessaoId: string | undefined;
  /** When the caller logged in; undefined when the token does not say so. */
  readonly autenticadoEm: Date | undefined;
  readonly senha: string;
  /** Of the second factor, as it was typed; empty for an account without one. */
  readonly codigo: string;
  readonly origem: Origem;
}

type RequestRefused =
  | UsuarioNaoEncontradoError
  | AcessoNegadoError
  | EmailNaoVerificadoError
  | OwnerRefused
  | ProvaRecusada
  | ExportacaoEmAndamentoError
  | ExportacoesDemaisError;

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly confirmOwner: ConfirmOwner;
  /** Source that is read first. */
  readonly primeiraFonte: string;
  /** There is something to collect. */
  readonly wake: () => void;
  readonly clock: Clock;
}

/** Notes that a person wants their data, for who proves to be the owner by everything that login asks for. */
export class RequestExportHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @returns the identity of the export */
  async execute(command: RequestExportCommand): Promise<Result<string, RequestRefused>> {
    const { consulta, uow, confirmOwner, primeiraFonte, wake, clock } = this.#deps;
    const { usuarioId, geracao, sessaoId, autenticadoEm, senha, codigo } = command;
    const conta = (await consulta.findById(usuarioId))?.estado;
    if (!conta) return Result.fail(new UsuarioNaoEncontradoError());
    if (!conta.emailVerificado) return Result.fail(new EmailNaoVerificadoError());
    const confirmada = await confirmOwner.execute({
      ...{ conta, senha, autenticadoEm, origem: command.origem, chamada: 'RequestExport' },
    });
    if (confirmada.isFailure) return confirmada;
    const id = crypto.randomUUID();
    const em = clock.now();
    const origem = { requisicao: '', ...command.origem };
    const pedida = await uow.run(async (tx): Promise<Result<string, RequestRefused>> => {
      await tx.claimKey(id);
      await tx.exportacoes.travar(usuarioId);
      const usuario = await tx.usuarios.findById(usuarioId);
      if (!usuario || !sessaoVale(usuario.estado, geracao)) return Result.fail(new AcessoNegadoError());
      const livre = await podePedir(tx, usuarioId, em);
      if (livre.isFailure) return livre;
      const provado = await tx.segundoFator.provar({
        ...{ usuarioId, codigo, origem, em },
        recusa: { tipo: 'DADOS_EXPORTADOS', detalhe: 'PEDIDA', autorId: usuarioId },
      });
      if (provado.isFailure) return provado;
      await tx.exportacoes.add({ id, usuarioId, pedidoEm: em, sessaoId, origem, fonte: primeiraFonte });
      const evento = { tipo: 'DADOS_EXPORTADOS', resultado: 'FEITO', detalhe: 'PEDIDA' } as const;
      await tx.auditoria.registrar({ ...evento, autorId: usuarioId, usuarioId, origem, em });
      return Result.ok(id);
    });
    if (pedida.isSuccess) wake();
    return pedida;
  }
}

async function podePedir(
  { exportacoes }: Pick<Transacao, 'exportacoes'>,
  usuarioId: string,
  em: Date,
): Promise<Result<void, ExportacaoEmAndamentoError | ExportacoesDemaisError>> {
  const outra = await exportacoes.emAndamento(usuarioId);
  if (outra !== undefined) return Result.fail(new ExportacaoEmAndamentoError(outra));
  const livre = livreEm(await exportacoes.pedidasDesde(usuarioId, contamDesde(em)), em);
  if (livre === undefined) return Result.ok(undefined);
  return Result.fail(new ExportacoesDemaisError(Math.ceil((livre.getTime() - em.getTime()) / 1_000)));
}
