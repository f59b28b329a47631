# syntax=docker/dockerfile:1
#
#   docker build -t noso .          for amd64 and arm64: docker buildx build --platform linux/amd64,linux/arm64 …
#   docker run -d -p 3000:3000 -v noso:/data -e PUBLIC_URL=http://… --read-only --tmpfs /tmp noso
#   docker exec … node dist/src/programs/command.js link
#
# Settings are those of the README. What is kept is in /data; nothing else is written to.

FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:24-trixie-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist/src ./dist/src
COPY --from=build /app/dist/assets ./dist/assets
COPY --from=build /app/dist/client/words ./dist/client/words
RUN install -d -o node -g node -m 0700 /data
ENV NODE_ENV=production DATA_DIR=/data
VOLUME /data
USER node
EXPOSE 3000
# Ready: somebody can be seated now. Where it serves TLS by itself, give another check.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# It is told by SIGTERM, moves its phones and walls, and is gone within 10 seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "dist/src/programs/command.js"]
CMD ["start"]
