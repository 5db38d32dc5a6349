import {
  bcsPaths,
  imagePaths,
  strictFlavorAnswerSchema,
  strictFlavorListAnswerSchema,
  strictImageAnswerSchema,
  strictImageListAnswerSchema,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter } from '../http/answer.ts';
import type { Catalogue } from './catalogue.ts';

/** BCS: flavors (reference/kakaocloud.md C.4). Image: images. */
export function catalogueRoutes(catalogue: Catalogue): Router {
  const router = Router({ caseSensitive: true });

  router.get(bcsPaths.flavors, (request, response) => {
    answer(response, 200, strictFlavorListAnswerSchema, catalogue.listFlavors(request.query));
  });

  router.get(bcsPaths.flavor(':flavorId'), (request, response) => {
    const flavor = catalogue.flavor(parameter(request, 'flavorId'));
    answer(response, 200, strictFlavorAnswerSchema, { flavor });
  });

  router.get(imagePaths.images, (request, response) => {
    answer(response, 200, strictImageListAnswerSchema, catalogue.listImages(request.query));
  });

  router.get(imagePaths.image(':imageId'), (request, response) => {
    const image = catalogue.image(parameter(request, 'imageId'));
    answer(response, 200, strictImageAnswerSchema, { image });
  });

  return router;
}
