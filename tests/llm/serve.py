"""llama.cpp's own server on a port of this machine, until its standard input ends.

python serve.py MODEL PORT
"""

import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.port = int(sys.argv[2])
parameters.n_ctx = 16384
parameters.n_parallel = 2
parameters.cpuparams.n_threads = 1
parameters.warmup = False
parameters.api_keys = ["a key of the test"]
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
