import { DecoratorHandler, type Dispatcher } from "undici";
import type { Check } from "./wire.ts";

/**
 * A dispatcher that passes `check` for each request right before it is written to its socket: once the request had its turn in the
 * queue, and the connection is made, and again where undici itself sends a request anew. One that fails was not sent, in no part.
 */
export function checkedDispatch(dispatcher: Dispatcher, check: Check): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, new CheckedHandler(handler, check)));
}

class CheckedHandler extends DecoratorHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #check: Check;

  constructor(handler: Dispatcher.DispatchHandler, check: Check) {
    super(handler);
    this.#handler = handler;
    this.#check = check;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    try {
      this.#check.check();
    } catch (error) {
      controller.abort(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#handler.onRequestStart?.(controller, context);
  }
}
