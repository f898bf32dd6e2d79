import { theWall } from '../support/wall.ts'

theWall(true)
