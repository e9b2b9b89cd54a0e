import { checkMessage } from '../input/check-message.ts';
import type { UnaryInterceptor } from '../rpc/rpc.ts';

/** Checks every request message. Answers INVALID_ARGUMENT / `REQUISICAO_INVALIDA`. */
export function validation(): UnaryInterceptor {
  return (next) => (req) => {
    checkMessage(req.method.input, req.message);
    return next(req);
  };
}
