import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { NoticiaDeEstorno } from '../../reservas/domain/estado-reserva.ts';

/** What pagamentos tells, in an event or in the answer of a call. */
export type FatoDaSaga =
  | {
      readonly tipo: 'CobrancaCriada';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly checkoutUrl: string;
      /** The part that store credit pays; its checkout replaces one that asked for everything. Default none. */
      readonly creditosUsados?: Dinheiro;
    }
  | {
      readonly tipo: 'PagamentoAprovado';
      readonly reservaId: string;
      readonly pagamentoId: string;
      /** What was paid, by credit and by card together. Default the price. */
      readonly valor?: Dinheiro;
      /** The part that store credit has paid. Default none. */
      readonly creditosUsados?: Dinheiro;
      /** pagamentos has not heard what became of it, and asks. */
      readonly pedeDesfecho?: boolean;
    }
  | {
      readonly tipo: 'PagamentoRecusado';
      readonly reservaId: string;
      readonly pagamentoId: string;
      readonly motivo: string;
      readonly definitiva: boolean;
    }
  | {
      readonly tipo: 'CobrancaCancelada';
      readonly reservaId: string;
      /** Undefined when pagamentos knows of no charge; it refuses a later one. */
      readonly pagamentoId: string | undefined;
      /** It was paid, and all of that goes back. Default: it was not paid when this was said. */
      readonly foiPaga?: boolean;
    }
  /** Of what a cancellation asks for, nothing goes back. */
  | { readonly tipo: 'DevolucaoRecusada'; readonly reservaId: string; readonly motivo: string }
  /** Money that goes back, has gone back, or could not; or that the customer's bank has taken. */
  | ({
      readonly tipo: 'EstornoMudou' | 'DisputaPerdida';
      readonly reservaId: string;
      readonly pagamentoId: string;
      /** Of a refund that failed. */
      readonly porque?: string;
    } & NoticiaDeEstorno);

/** The fact that answers who asks for a charge now: there is one to be paid, or it is paid already. */
export type RespostaDeCobranca = Extract<FatoDaSaga, { tipo: 'CobrancaCriada' | 'PagamentoAprovado' }>;
